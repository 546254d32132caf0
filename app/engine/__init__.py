"""Plan, guards, apply, cycle, schedule, job. Knows ports only."""

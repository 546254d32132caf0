"""Puts the invented company into the states that the overview has to speak of."""

from dataclasses import replace

import picture_world as world

from app.domain.activity import Counts, CycleOutcome


def held(services, number=38):
    last = world.cycle(1513, world.LAST, Counts(created=4, updated=11), CycleOutcome.HELD)
    services.job_status = replace(services.job_status, last=last, held=number)
    services.waiting = world.held_actions()[:number]


def failed(services, code, error):
    last = replace(
        world.cycle(1513, world.LAST, Counts(), CycleOutcome.FAILED), error=error, error_code=code
    )
    services.job_status = replace(services.job_status, last=last)


# --- what it says --------------------------------------------------------------------------------

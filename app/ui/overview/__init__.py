"""The page that answers: does everybody who should have an account have one."""

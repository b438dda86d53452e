"""One turn of the interview: understand -> steer -> decide (policy) -> speak."""

"""Rules: pure functions from a call to findings. A detector points and gives no opinion."""

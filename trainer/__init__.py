"""The app that runs PyTorch. Knows nothing of the course that is built on it."""

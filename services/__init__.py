"""The services of Nøgletal."""

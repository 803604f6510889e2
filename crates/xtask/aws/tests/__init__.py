"""The self-test of the emulated AWS: `python -m unittest` in the folder above."""

from emulator import environment

environment.forget()

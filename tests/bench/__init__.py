"""What is measured, each figure against a limit measured in the same run: ``make bench``, ``make bench NAME=reports``."""

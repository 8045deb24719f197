"""The parts from which tests build their worlds."""

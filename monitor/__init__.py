"""An alerting monitor for regional-conflict news."""

__version__ = "0.1.0"

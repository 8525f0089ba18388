"""How often live signals raise false alarms, and how soon they notice a planted change; `make calibration-live`."""

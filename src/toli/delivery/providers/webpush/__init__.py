"""Web Push: a notice to a browser that subscribed, encrypted so that only that browser reads it."""

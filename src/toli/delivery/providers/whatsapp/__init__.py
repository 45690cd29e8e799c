"""WhatsApp Business: registered texts to people who asked for them. Locked where the deployment is a party's, until
the platform's written permission is recorded (domain rule 14).
"""

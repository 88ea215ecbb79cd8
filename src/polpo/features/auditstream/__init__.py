"""The audit stream: every event, as it is told, to a system outside that keeps and judges events.

Splunk, Sumo Logic, and whatever takes OpenTelemetry's logs over HTTP. What has been sent is known in the database, so
nothing is left out when the server dies, and an event may come twice. Nobody waits for it.
"""

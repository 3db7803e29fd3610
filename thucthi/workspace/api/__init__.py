"""An organisation's own live data for its programs: /api/v1/org/, described at /api/v1/org/openapi.json."""

"""The environment variables of a service in production, complete."""

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cpor_site.settings.production",
    "SECRET_KEY": "a-secret-key-that-is-long-enough-and-quite-random-0123456789-abcdefgh",
    "ALLOWED_HOSTS": "cpor.court.example",
    "BASE_URL": "https://cpor.court.example",
    "DATABASE_URL": "postgres://cpor@127.0.0.1:5432/cpor",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://cpor:secret@mail.court.example:587",
    "DEFAULT_FROM_EMAIL": "no-reply@court.example",
    "TRUSTED_PROXY_COUNT": "1",
}

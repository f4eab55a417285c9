"""Middleware about log-ins: a host project lists it in its MIDDLEWARE, in the order of the settings of `cpor_site`."""

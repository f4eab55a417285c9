"""Roles of staff in the reader's language."""

from django import template

from cpor_core.actors import role_name

register = template.Library()
register.filter("role_name", role_name)

"""Countries and reasons in words."""

from django import template

from ecritoire.accounts.alert_words import alert_reasons
from ecritoire.accounts.places import country_name

register = template.Library()
register.filter("country", country_name)
register.filter("reasons", alert_reasons)

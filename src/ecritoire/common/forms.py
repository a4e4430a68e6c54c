"""How forms look: the design system's field groups, errors tied to their fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

INPUT_CLASSES = {
    forms.Select: "fr-select",
    forms.Textarea: "fr-input",
    forms.CheckboxInput: "",
    forms.RadioSelect: "",
    forms.ClearableFileInput: "fr-upload",
    forms.FileInput: "fr-upload",
}


class Renderer(TemplatesSetting):
    form_template_name = "common/forms/form.html"
    field_template_name = "common/forms/field.html"


class DesignMixin:
    """Gives each widget its class, its describing ids and ``aria-invalid``; put it before the form class."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = next((known for known in type(field.widget).__mro__ if known in INPUT_CLASSES), None)
            css = "fr-input" if kind is None else INPUT_CLASSES[kind]
            if css:
                field.widget.attrs.setdefault("class", css)


class Form(DesignMixin, forms.Form):
    """Every form of the service."""

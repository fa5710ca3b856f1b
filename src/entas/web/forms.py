"""Forms as all pages show them: a label, a field, what is wrong beside it."""

from typing import Any

from django import forms


class Form(forms.Form):
    """Fields with the classes of the look, and errors that a screen reader finds."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            widget = field.widget
            look = "form-control"
            if isinstance(widget, forms.CheckboxInput | forms.RadioSelect):
                look = "form-check-input"
            elif isinstance(widget, forms.Select):
                look = "form-select"
            widget.attrs.setdefault("class", look)
            if name in self.errors_known:
                widget.attrs["aria-invalid"] = "true"

    @property
    def errors_known(self) -> set[str]:
        """Fields that are wrong, once something was typed."""
        return set(self.errors) if self.is_bound else set()


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

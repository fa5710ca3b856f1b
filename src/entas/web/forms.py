"""Forms as all pages show them: a label, a field, what is wrong beside it."""

from typing import Any

from django import forms


class Form(forms.Form):
    """Fields with the classes of the look."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            widget = field.widget
            look = "form-control"
            if isinstance(widget, forms.CheckboxInput | forms.RadioSelect):
                look = "form-check-input"
            elif isinstance(widget, forms.Select):
                look = "form-select"
            widget.attrs.setdefault("class", look)


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

"""Vietnamese letters for character classes: a range such as "À-Ỹ" would hold small letters too."""

_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
LOWER = f"a-z{_MARKED}"
UPPER = f"A-Z{_MARKED.upper()}"

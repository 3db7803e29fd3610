"""Letters of the tiles by the two-digit code of the statistics office: one tile per province."""

TILE_OF_UNIT = {
    "01": "HNO", "04": "CBA", "08": "TQU", "11": "DBI", "12": "LCH", "14": "SLA", "15": "LCA", "19": "TNG", "20": "LSO",
    "22": "QNI", "24": "BNI", "25": "PTH", "31": "HPH", "33": "HYE", "37": "NBI", "38": "THO", "40": "NAN", "42": "HTI",
    "44": "QTR", "46": "HUE", "48": "DNA", "51": "QNG", "52": "GLA", "56": "KHO", "66": "DLA", "68": "LDO", "75": "DNI",
    "79": "HCM", "80": "TNI", "82": "DTH", "86": "VLO", "91": "AGI", "92": "CTH", "96": "CMA",
}  # fmt: skip

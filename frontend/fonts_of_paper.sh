#!/bin/sh
# Makes the four font files of official paper anew, with Vietnamese and Latin letters only. Usage:
# frontend/fonts_of_paper.sh FOLDER, where FOLDER holds Tinos-Regular.ttf, Tinos-Bold.ttf, Tinos-Italic.ttf and
# Tinos-BoldItalic.ttf (Debian package fonts-croscore). Needs fonttools.
set -eu
from=$1
to=$(dirname "$0")/../thucthi/kernel/tinos
letters="U+0020-007E,U+00A0-00FF,U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0303"
letters="$letters,U+0306,U+0309,U+031B,U+0323,U+1EA0-1EF9,U+20AB,U+2010-2015,U+2018-201A,U+201C-201E,U+2020-2022,U+2026"
letters="$letters,U+202F,U+2030,U+2032-2033,U+2039-203A,U+2070,U+2074,U+2080-2089,U+2116,U+2122,U+2190-2193,U+2212"
letters="$letters,U+2248,U+2260,U+2264-2265,U+25A1,U+FFFD"
for pair in Regular:400 Bold:700 Italic:400-italic BoldItalic:700-italic; do
  pyftsubset "$from/Tinos-${pair%%:*}.ttf" --unicodes="$letters" --layout-features=kern,liga,mark,mkmk,ccmp,locl \
    --no-hinting --desubroutinize --output-file="$to/tinos-${pair##*:}.ttf"
done

# Prints a deb822 stanza for another suite of the Debian archive that this
# machine uses already, with the same address and the same key:
#
#   awk -v codename=bookworm -v suite=experimental -v type=deb-src \
#     -f debian-stanza.awk FILE...
#
# The files are apt's own: *.sources (deb822) and *.list (one line each). Other
# archives carry the codename too, so an address that ends in "debian" is
# preferred to the first that fits. Prints nothing when no stanza fits.

function offer(types, uris, suites, components, signed) {
  if ((" " types " ") !~ / deb(-src)? / || uris !~ /^[^ ]+:/ || uris ~ /^cdrom:/ ||
      index(" " suites " ", " " codename " ") == 0 || (" " components " ") !~ / main /)
    return
  if (best == "" || (!best_is_debian && uris ~ /debian(\.list)?\/?$/)) {
    best = "Types: " type "\nURIs: " uris "\nSuites: " suite "\nComponents: main\n"
    if (signed != "")
      best = best "Signed-By: " signed "\n"
    best_is_debian = uris ~ /debian(\.list)?\/?$/
  }
}

function end_of_stanza() {
  if (tolower(field["enabled"]) != "no")
    offer(field["types"], field["uris"], field["suites"], field["components"], field["signed-by"])
  split("", field)
  name = ""
}

FNR == 1 { end_of_stanza() }
/^[ \t]*#/ { next }

FILENAME ~ /\.list$/ {
  options = ""
  if (match($0, /\[[^]]*\]/)) {
    options = substr($0, RSTART + 1, RLENGTH - 2)
    $0 = substr($0, 1, RSTART - 1) " " substr($0, RSTART + RLENGTH)
  }
  signed = ""
  count = split(options, option, /[ \t]+/)
  for (i = 1; i <= count; i++)
    if (option[i] ~ /^signed-by=/)
      signed = substr(option[i], 11)
  components = ""
  for (i = 4; i <= NF; i++)
    components = components " " $i
  if (NF >= 4)
    offer($1, $2, $3, components, signed)
  next
}

/^[ \t]*$/ { end_of_stanza(); next }
/^[ \t]/ { if (name != "") field[name] = field[name] "\n" $0; next } # a key in full
match($0, /^[A-Za-z-]+:/) {
  name = tolower(substr($0, 1, RLENGTH - 1))
  value = substr($0, RLENGTH + 1)
  gsub(/^[ \t]+|[ \t]+$/, "", value)
  field[name] = value
}

END {
  end_of_stanza()
  printf "%s", best
}

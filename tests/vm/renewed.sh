# Whatever is bound to a process or a thread is renewed in the child of a fork (src/kern/renew.def). Objects of the types
# that are so are looked for in the source: for each that is declared somebody has to renew one of that name, and each row
# of the list has an owner.
#
# usage: renewed.sh <src>
set -u
cd "$1" || exit 1
bad=0

# Declarations of a type as objects or members, a name each.
declared() {
    grep -rhoE --include='*.[ch]' "^ *(static )?struct $1 [a-z_]+( = \{[^}]*\})?;" . |
        sed -E "s/.*struct $1 ([a-z_]+).*/\1/"
}

# names(type, pattern of renewals, with the name behind the last & . or >)
check() {
    for name in $(declared "$1" | sort -u); do
        have=$(grep -rhoE --include='*.c' "($2)[^,;]*[&.>]$name\b" . | wc -l)
        want=$(declared "$1" | grep -cx "$name")
        if [ "$have" -lt "$want" ]; then
            echo "$want x 'struct $1 $name', of which a fork renews $have"
            bad=1
        fi
    done
    [ -n "$(declared "$1")" ] || { echo "no struct $1 found: the pattern is out of date"; bad=1; }
}

check wm_lock 'wm_lock_renew\(|[.]lock = '
check wm_kept 'wm_kept_drop\('

for row in $(sed -nE 's/^RENEWED\(([a-z_]+)\).*/\1/p' kern/renew.def); do
    if [ "$(grep -rhE --include='*.c' "^const struct wm_renewal wm_renewed_$row = " . | wc -l)" -ne 1 ]; then
        echo "row $row of kern/renew.def has no owner, or several"
        bad=1
    fi
done
exit $bad

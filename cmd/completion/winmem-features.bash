# Completion of winmem-features for bash. Which features there are the command itself says.
_winmem_features()
{
    local word=${COMP_WORDS[COMP_CWORD]}

    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--json --long --version --help --usage' -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$(winmem-features 2>/dev/null |
            sed -n 's/^\([a-z_]*\) *\(NOT \)\{0,1\}in use$/\1/p')" -- "$word")
    fi
}
complete -F _winmem_features winmem-features

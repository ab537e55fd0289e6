# Completion of winmem-maps for bash: options, processes, and files that were saved.
_winmem_maps_words()
{
    mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

# --type has a list: what stands before the last comma stays.
_winmem_maps_types()
{
    local before=
    [[ $1 == *,* ]] && before=${1%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W 'image private mapped heap stack placeholder guard slack free' \
        -- "${1##*,}")
}

_winmem_maps()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}

    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    case $before in
    --sort)
        _winmem_maps_words "$word" 'address size resident private shared locked lazy swapped type file'
        return ;;
    --type)
        _winmem_maps_types "$word"
        return ;;
    --save | --html | --svg)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames
        return ;;
    --address)
        return ;;
    esac
    if [[ $word == -* ]]; then
        _winmem_maps_words "$word" '--sort= --type= --address= --wide --json --csv --save= --diff --html= --svg=
            --watch --top --version --help --usage'
        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    else
        mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && echo [0-9]*)" -- "$word"; compgen -f -- "$word")
        compopt -o filenames
    fi
}
complete -F _winmem_maps winmem-maps

# shellcheck shell=sh
# The images, built again when what goes into them has changed.
# A label on each image holds a checksum of its sources, so that an edited service is in the next `make up`.

# checksum FILE OR FOLDER...: one number for all the names and contents.
checksum() {
    find "$@" -name __pycache__ -prune -o -type f -exec cksum {} + | LC_ALL=C sort | cksum | cut -d ' ' -f 1
}

build_image() {
    docker build --force-rm --target "$1" --tag "socklab-$1" --label "socklab.source=$2" .
    # The image that lost its name just now; one that a running container still uses stays until the next time.
    docker image prune --force --filter "label=socklab.image=$1"
}

. setup/base.sh

# need_images NAME...: builds those that are not there, or are of other sources.
need_images() {
    # shellcheck disable=SC2046 # a word an image
    built=$(docker image inspect $(printf 'socklab-%s ' "$@") 2>/dev/null \
        --format '{{index .Config.Labels "socklab.image"}}={{index .Config.Labels "socklab.source"}}') || :
    programs=$(checksum Dockerfile .dockerignore services)
    for image; do
        case $image in
        node | router) source=$programs ;;
        tap) source=$(checksum Dockerfile) ;;
        peers)
            source=$(checksum Dockerfile .dockerignore services benchmarks/__init__.py benchmarks/agent.py \
                benchmarks/load reliability/__init__.py reliability/hostile/__init__.py reliability/hostile/attacks)
            ;;
        esac
        if ! printf '%s\n' "$built" | grep -qxF "$image=$source"; then
            need_image debian:trixie-slim
            work "Building the image socklab-$image" build_image "$image" "$source"
        fi
    done
}

#!/usr/bin/env bash
# Runs the review for the composite action. Inputs come as environment variables, so that none of them is code.
set -euo pipefail

arguments=(review --output "$OUTPUT" --fail-on "$FAIL_ON")
if [ -n "$BASELINE" ]; then
    arguments+=(--baseline "$BASELINE")
fi
# MESH_EGRESS is for tests of the action: a command in place of the package's.
read -r -a mesh_egress <<<"${MESH_EGRESS:-npx --yes mesh-egress@$VERSION}"

review() {
    if [ -n "$COMMAND" ]; then
        bash -euo pipefail -c "$COMMAND" | "${mesh_egress[@]}" "${arguments[@]}" -
    else
        read -r -a files <<<"$FILES"
        "${mesh_egress[@]}" "${arguments[@]}" "${files[@]}"
    fi
}

if [ "$OUTPUT" = sarif ]; then
    echo "sarif-file=$SARIF_FILE" >>"$GITHUB_OUTPUT"
    review >"$SARIF_FILE"
else
    review
fi

#!/usr/bin/env bash
# Writes the report of preview-of-stack/preview.json to report-of-stack/: of a drift check only where something has drifted. Nothing of a pull
# request runs here: preview.json is all that comes from one.
set -euo pipefail

preview=$PREVIEW
if [ "$COMMAND" = drift ]; then
    changes=$(node .github/scripts/preview.mts changes "$preview")
    if [ "$changes" = 0 ]; then
        echo "Nothing has drifted."
        exit 0
    fi
fi
run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
# Three of these pages fit into a comment.
npm run --silent report -- --stack "$STACK" --file "$preview" --out report-of-stack \
    --limit 20000 --rest "[report.html of this run]($run#artifacts)"
if [ "$COMMAND" = up ]; then
    cat report-of-stack/report.md >>"$GITHUB_STEP_SUMMARY"
fi

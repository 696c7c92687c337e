/*
 * Public sources from which this package installs, with their versions. Change a version only here. docs/versions.md
 * lists the tested versions.
 */

/** Istio's Helm repository. The same charts are at `oci://ghcr.io/istio/release/charts`. */
export const ISTIO_CHART_REPOSITORY = "https://blob.istio.io/istio-release/charts";
/** Istio's charts as OCI artifacts. */
export const ISTIO_OCI_CHARTS = "oci://ghcr.io/istio/release/charts";
/** Registry and path of Istio's images. */
export const ISTIO_IMAGES = "docker.io/istio";
/** Release of Istio that this package is tested with. */
export const ISTIO_VERSION = "1.31.0";

/** cert-manager's Helm repository. */
export const CERT_MANAGER_CHART_REPOSITORY = "https://charts.jetstack.io";
/** Release of cert-manager that this package is tested with. */
export const CERT_MANAGER_VERSION = "v1.21.2";

/** Image of the nginx that acts as a partner. */
export const NGINX_IMAGE =
    "docker.io/library/nginx:1.29.8@sha256:1881968aff6f7cdcc4b888c00a11f4ce241ad7ec957e0cb4a9e19e93a3ff87ea";
/** Image with `sh`, `curl` and `grep` for probes and checks. */
export const CURL_IMAGE =
    "docker.io/curlimages/curl:8.17.0@sha256:935d9100e9ba842cdb060de42472c7ca90cfe9a7c96e4dacb55e79e560b3ff40";

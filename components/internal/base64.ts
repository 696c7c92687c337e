/** Text in base64, for the `data` of a Kubernetes secret. */
export function base64(text: string): string {
    return Buffer.from(text).toString("base64");
}

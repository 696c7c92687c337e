/** A text that is not the output of `pulumi preview --json`. The message says what is wrong and how to write one. */
export class PreviewError extends Error {
    override name = "PreviewError";
}

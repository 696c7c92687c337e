/** A problem that the user of the command can solve: the command prints the message without a stack trace and ends with 2. */
export class CommandError extends Error {
    override name = "CommandError";
}

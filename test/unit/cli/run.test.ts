import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { runCommand } from "../../support/command";

describe("mesh-egress", () => {
    it("shows help for itself and for each command, and ends with 0", async () => {
        for (const args of [["--help"], ["review", "--help"], ["report", "-h"], ["certificates", "--help"]]) {
            const { code, out } = await runCommand(args);
            assert.equal(code, 0, args.join(" "));
            assert.match(out, /^mesh-egress/, args.join(" "));
        }
    });

    it("ends with 2 for what it does not know, and says what comes near", async () => {
        for (const [args, said] of [
            [["revieww"], /Did you mean review\?/],
            [["review", "a.yaml", "--outptu", "json"], /outptu/],
            [["review", "a.yaml", "--output", "xml"], /Choices: "text", "json", "sarif", "github"/],
            [["report"], /stack[^]*See: mesh-egress report --help/],
            [["review", "a.yaml", "--rule"], /Not enough arguments following: rule\nSee: mesh-egress review --help/],
            [["review", "a.yaml", "--certificate-days", "soon"], /whole number of days/],
            [["review", "a.yaml", "--certificate-days=-5"], /whole number of days/],
            [[], /Name a command/],
        ] as const) {
            const { code, err } = await runCommand([...args]);
            assert.equal(code, 2, args.join(" "));
            assert.match(err, said);
        }
    });

    it("loads nothing of the engine and of other subcommands before it is asked for", async () => {
        const script = `require("tsx/cjs"); require("./cli/run.ts").run(["rules"]).then(() =>
            console.error(Object.keys(require.cache).join("\\n")));`;
        const { stderr } = await promisify(execFile)(process.execPath, ["-e", script]);
        assert.match(stderr, /cli\/rules\.ts/);
        assert.doesNotMatch(stderr, /cli\/(adopt|explain|report|azure)\.ts|@pulumi/);
    });

    it("prints a script for tab completion, and completes commands and values", async () => {
        assert.match((await runCommand(["completion"])).out, /mesh-egress completion/);
        const { out } = await runCommand(["--get-yargs-completions", "mesh-egress", "review", "--output", ""]);
        assert.match(out, /sarif/);
    });

    describe("in fish", () => {
        const { SHELL } = process.env;
        before(() => {
            process.env.SHELL = "/usr/bin/fish";
        });
        after(() => {
            if (SHELL === undefined) {
                delete process.env.SHELL;
            } else {
                process.env.SHELL = SHELL;
            }
        });

        it("prints a script in the form of fish, which no test runs, that asks for the same completions", async () => {
            const { code, out } = await runCommand(["completion"]);
            assert.equal(code, 0);
            assert.match(out, /^complete -c mesh-egress /m);
            assert.match(out, /mesh-egress --get-yargs-completions \(commandline -opc\) \(commandline -ct\)/);
            assert.doesNotMatch(out, /compdef|compgen/);
        });
    });
});

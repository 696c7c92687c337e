import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Nothing of the product knows what stands in for it, measures it, tests it, shows it or writes its documents. */
const OUTSIDE = ["lab", "bench", "chaos", "test", "scripts", "site", "examples", "templates"];

/** What the files of a room may not import, so that arrows go down only. */
const ROOMS = {
    plan: ["components", "review", "report", "cli", "policy", "stacks", ...OUTSIDE],
    review: ["components", "report", "cli", "policy", "stacks", ...OUTSIDE],
    report: ["components", "cli", "policy", "stacks", ...OUTSIDE],
    components: ["review", "report", "cli", "policy", "stacks", ...OUTSIDE],
    policy: ["components", "report", "cli", "stacks", ...OUTSIDE],
    stacks: ["review", "report", "cli", "policy", ...OUTSIDE],
    cli: ["policy", "stacks", ...OUTSIDE],
    scripts: ["review", "report", "cli", "policy", "stacks", "lab", "bench", "chaos", "test"],
    lab: ["bench", "chaos", "test", "scripts"],
    bench: ["report", "cli", "policy", "chaos", "test", "scripts"],
    chaos: ["review", "cli", "policy", "stacks", "test", "scripts", "site", "examples", "templates"],
};

/** Folders of subcommands. What two of them need is below both. */
const SUBCOMMANDS = ["adopt", "azure", "certificates", "explain", "recover", "review"];

/** Fixtures that the benchmark and the faults share with the tests. */
const SHARED_FIXTURES = "./support";
const USE_FIXTURES = ["bench", "chaos"];

/** The rooms of the package. */
const PRODUCT = ["plan", "components", "review", "report", "cli", "policy", "stacks"];

/** Rooms whose decisions are tested without an engine. */
const PURE = ["plan", "review"];

const zones = Object.entries(ROOMS).flatMap(([room, above]) =>
    above.map((other) => ({
        target: `./${room}`,
        from: `./${other}`,
        ...(USE_FIXTURES.includes(room) && other === "test" && { except: [SHARED_FIXTURES] }),
        message: `${room}/ imports only what is below it; see CONTRIBUTING.md.`,
    })),
);

const subcommandZones = SUBCOMMANDS.flatMap((one) =>
    SUBCOMMANDS.filter((other) => other !== one).map((other) => ({
        target: `./cli/${one}`,
        from: `./cli/${other}`,
        message: "A subcommand imports no other one: move what they share to review/, report/ or cli/input/.",
    })),
);

export default tseslint.config(
    { ignores: ["bin/", "node_modules/"] },
    js.configs.recommended,
    ...tseslint.configs.recommendedTypeChecked,
    prettier,
    {
        plugins: { "import-x": importX },
        settings: {
            ...importX.flatConfigs.typescript.settings,
            "import-x/resolver-next": [createTypeScriptImportResolver()],
        },
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            // Creating a resource is done for its effect on the engine; the object is often not needed.
            "no-new": "off",
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
            "import-x/no-restricted-paths": [
                "error",
                { basePath: import.meta.dirname, zones: [...zones, ...subcommandZones] },
            ],
            "import-x/no-cycle": ["error", { ignoreExternal: true }],
        },
    },
    {
        files: [...PRODUCT, "chaos"].map((room) => `${room}/**/*.ts`),
        rules: {
            // A circle of types is a circle, but import-x/no-cycle does not follow imports that say that they are types.
            "@typescript-eslint/consistent-type-imports": [
                "error",
                { prefer: "no-type-imports", disallowTypeAnnotations: false },
            ],
        },
    },
    {
        files: PURE.map((room) => `${room}/**/*.ts`),
        rules: {
            "no-restricted-imports": [
                "error",
                {
                    patterns: [
                        { group: ["@pulumi/*"], message: "This room is pure: plain values in, plain values out." },
                    ],
                },
            ],
        },
    },
    {
        // These have a tsconfig.json of their own, for a folder where the package is installed.
        files: ["templates/*/typescript/*.ts"],
        languageOptions: { parserOptions: { projectService: false, project: "./tsconfig.json" } },
    },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);

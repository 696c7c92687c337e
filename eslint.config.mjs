import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** What the files of a room may not import, so that arrows go down only. */
const ROOMS = {
    plan: ["components", "review", "report", "cli", "policy", "stacks"],
    review: ["components", "report", "cli", "policy", "stacks"],
    report: ["components", "cli", "policy", "stacks"],
    components: ["review", "report", "cli", "policy", "stacks"],
    policy: ["components", "report", "cli", "stacks"],
    stacks: ["review", "report", "cli", "policy"],
    cli: ["policy", "stacks"],
};

/** Nothing of the product knows what stands in for it, measures it or tests it. */
const OUTSIDE = ["lab", "bench", "chaos", "test"];

/** Rooms whose decisions are tested without an engine. */
const PURE = ["plan", "review"];

const rooms = Object.entries(ROOMS).map(([room, above]) => ({
    files: [`${room}/**/*.ts`],
    rules: {
        "no-restricted-imports": [
            "error",
            {
                patterns: [
                    {
                        group: [...above, ...OUTSIDE].map((other) => `**/${other}/**`),
                        message: `${room}/ imports only what is below it; see CONTRIBUTING.md.`,
                    },
                    ...(PURE.includes(room)
                        ? [{ group: ["@pulumi/*"], message: `${room}/ is pure: plain values in, plain values out.` }]
                        : []),
                ],
            },
        ],
    },
}));

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
            "import-x/no-cycle": ["error", { ignoreExternal: true }],
        },
    },
    ...rooms,
    {
        // These have a tsconfig.json of their own, for a folder where the package is installed.
        files: ["templates/*/typescript/*.ts"],
        languageOptions: { parserOptions: { projectService: false, project: "./tsconfig.json" } },
    },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);

import { defineConfig } from "vitepress";
import { showDiagrams } from "../diagrams.mjs";
import { linkToSite, slugify } from "../links.mjs";
import { otherFiles, pages, sidebar } from "../pages.mjs";

/*
 * The site over the pages that the repository has for GitHub: README.md, docs/ and a few more. Its output is where
 * MESH_EGRESS_SITE says, else site/dist. Built by: npm run site
 */
export default defineConfig({
    title: "mesh-egress",
    description: "An Istio egress gateway for Kubernetes, with mutual TLS to partners",
    srcDir: "..",
    outDir: process.env.MESH_EGRESS_SITE ?? "dist",
    srcExclude: otherFiles(),
    rewrites: pages,
    cleanUrls: true,
    lastUpdated: false,
    // What is fetched from elsewhere: nothing.
    head: [],
    markdown: {
        // Pages have no HTML: <name> stands for a name.
        html: false,
        anchor: { slugify },
        config: (markdown) => {
            linkToSite(markdown, pages);
            showDiagrams(markdown);
        },
    },
    // Text such as {{ name }} in a page is text.
    vue: { template: { compilerOptions: { delimiters: ["\u0000{", "}\u0000"] } } },
    themeConfig: {
        sidebar,
        outline: [2, 3],
        search: { provider: "local" },
        docFooter: { prev: false, next: false },
    },
});

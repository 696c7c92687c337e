/*
 * What Pulumi's registry reads from schema.json at the tag of a release, besides the components. Its rules are those of
 * tools/resourcedocsgen/cmd/metadata.go in pulumi/registry. Its pages are docs/_index.md and
 * docs/installation-configuration.md.
 */

interface Manifest {
    keywords: string[];
    license: string;
    repository?: { url: string };
}

/** The registry's fields. Those that say where the repository is are left out until package.json names it, at the first release. */
export function registryFields({ keywords, license, repository }: Manifest) {
    const place = repository && githubPlace(repository.url);
    return {
        displayName: "Mesh Egress",
        publisher: "mesh-egress",
        // The registry tells components and categories by their keywords.
        keywords: [...keywords, "kind/component", "category/infrastructure"],
        license,
        ...(place && {
            repository: `https://github.com/${place}`,
            homepage: `https://github.com/${place}`,
            logoUrl: `https://raw.githubusercontent.com/${place}/main/docs/images/logo.svg`,
            // The engine finds the plugin's archives among the files of the release with the schema's version.
            pluginDownloadURL: `github://api.github.com/${place}`,
        }),
    };
}

/** `owner/name` of a repository's URL as package.json has it. */
function githubPlace(url: string): string {
    const place = /^(?:git\+)?https:\/\/github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url)?.[1];
    if (place === undefined) {
        throw new Error(
            `package.json: repository.url ${JSON.stringify(url)} is not a repository on GitHub, from which the engine ` +
                `downloads the plugin; expected a URL such as "git+https://github.com/OWNER/mesh-egress.git".`,
        );
    }
    return place;
}

import { build, builtOlderIstio } from "../../lab/build/build";
import { versions } from "../../lab/build/goModules";
import { importArchive } from "../../lab/cluster/containerd";
import { meshValues } from "../../lab/cluster/lab";
import { LocalSettings } from "../../lab/proof/program";

type Mesh = LocalSettings["mesh"];

/** A mesh of an older Istio in the lab, for whatever is upgraded from it. The first time, it is built, which takes some minutes. */
export async function olderIstio(mesh: Mesh, tell: (line: string) => void): Promise<Mesh> {
    await build("older-istio", tell);
    const { charts, images } = builtOlderIstio()!;
    await importArchive(images);
    const tag = versions.olderIstio;
    return { ...mesh, charts, tag, values: { ...meshValues, global: { ...meshValues.global, tag } } };
}

import { Violation } from "../shared/violation";

/** Refuses text that is not an Entra ID object id. */
export function validateObjectId(path: string, id: string): Violation[] {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) && !/^[0-]+$/.test(id)
        ? []
        : [
              {
                  path,
                  value: id,
                  problem: "is not an Entra ID object id",
                  expected: 'a GUID such as "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
                  fix: "Set it to the output of: az ad group show --group <name> --query id --output tsv",
              },
          ];
}

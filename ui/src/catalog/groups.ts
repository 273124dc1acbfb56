import type { Catalog, ObjectDefinition } from "@/api/types";

export type GroupName = "work" | "reference" | "organisation";

export interface Group {
  name: GroupName;
  objects: ObjectDefinition[];
}

/**
 * Sorts the objects for navigation by how they are related, not by name. Mails have a page of their own.
 *
 * Work: what moves through a pipeline, what hangs on it, and what other such records hang on. Organisation: the
 * objects that the system's own fields (owner, team) point to, and trees like them. Reference: the rest. Objects that
 * are to be reached from others only are left out, unless `all` are wanted.
 */
export function groupObjects(catalog: Catalog, all = false): Group[] {
  const objects = Object.values(catalog.objects).filter((object) => object.can.read);
  const elsewhere = catalog.mail?.object;
  const organisation = organisationOf(objects);
  const piped = new Set(objects.filter((object) => object.pipeline).map((object) => object.name));
  const hanging = new Set(
    objects
      .filter((object) => piped.has(object.name))
      .flatMap((object) => object.children.map((child) => child.object)),
  );
  const isWork = (object: ObjectDefinition) =>
    !organisation.has(object.name) &&
    (piped.has(object.name) ||
      hanging.has(object.name) ||
      object.children.some((child) => hanging.has(child.object) && !piped.has(child.object)));
  const weight = (object: ObjectDefinition) => (object.pipeline ? 1000 : 0) + object.children.length;

  const groups: Record<GroupName, ObjectDefinition[]> = { work: [], reference: [], organisation: [] };
  for (const object of objects.filter((one) => all || one.listed !== false)) {
    const name = organisation.has(object.name) ? "organisation" : isWork(object) ? "work" : "reference";
    if (object.name !== elsewhere) groups[name].push(object);
  }
  groups.work.sort((a, b) => weight(b) - weight(a));
  return (["work", "reference", "organisation"] as const)
    .map((name) => ({ name, objects: groups[name] }))
    .filter((group) => group.objects.length > 0);
}

function organisationOf(objects: ObjectDefinition[]): Set<string> {
  const found = new Set<string>();
  for (const object of objects) {
    for (const field of object.fields) {
      if (field.system && field.object) found.add(field.object);
    }
  }
  for (const object of objects) {
    const isTree = object.fields.some((field) => !field.system && field.object === object.name);
    const leads = object.children.every((child) => found.has(child.object) || child.object === object.name);
    if (isTree && leads && object.children.length > 0) found.add(object.name);
  }
  return found;
}

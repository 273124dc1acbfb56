import { Navigate } from "@tanstack/react-router";

import { useCatalog } from "@/catalog/catalog";
import { groupObjects } from "@/catalog/groups";
import { NotFoundPage } from "@/pages/NotFoundPage";

/** For roles without a home: the first object that the viewer works with. */
export function WithoutPanels() {
  const first = groupObjects(useCatalog())[0]?.objects[0];
  return first ? (
    <Navigate to="/records/$object" params={{ object: first.name }} search={{}} replace />
  ) : (
    <NotFoundPage />
  );
}

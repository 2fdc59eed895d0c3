/** Pages that are fetched when first asked for: their shape while they come, words when they cannot. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Page, SkeletonPage } from "../ui";
import { NotHere } from "./not-here";

/** A view of another file. Fetched once; after that it is drawn at once, as it is when `here` has it already. Without `shape` the page is empty until then. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, here?: () => ComponentType<P> | undefined, shape = true): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    known ??= here?.();
    const [view, setView] = useState<{ Shown: ComponentType<P> } | null>(known ? { Shown: known } : null);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      let wanted = true;
      if (!known) load().then((Shown) => { known = Shown; if (wanted) setView({ Shown }); }, () => wanted && setFailed(true));
      return () => { wanted = false; };
    }, []);
    if (view) return <view.Shown {...props} />;
    return failed ? <NotHere /> : <Page busy>{shape && <SkeletonPage hero={false} />}</Page>;
  };
}

/** The tab bar of the phone and the rail of wide screens. The current one is colour, bar and `aria-current`. */
import { t } from "../i18n";
import { Portrait } from "./cards";
import type { Chrome, Tab } from "./app-context";
import { Icon, Mark } from "./icons";

function Entry({ tab, current, long }: { tab: Tab; current: boolean; long: boolean }) {
  return (
    <li>
      <a href={tab.path} aria-current={current ? "page" : undefined}>
        <Icon name={tab.icon} />
        <span>{long && tab.long ? tab.long() : tab.label()}{tab.about && <span class="vh">– {tab.about()}</span>}</span>
      </a>
    </li>
  );
}

/** Four or five icons with words at the bottom of a phone. */
export function TabBar({ tabs, current }: Pick<Chrome, "tabs" | "current">) {
  return (
    <nav class="tabbar" aria-label={t("Main menu")}>
      <ul>{tabs.filter((tab) => tab.only !== "rail").map((tab) => <Entry key={tab.key} tab={tab} current={tab.key === current} long={false} />)}</ul>
    </nav>
  );
}

/** The same, and more, at the side from 62rem. */
export function Rail({ tabs, current, me }: Pick<Chrome, "tabs" | "current" | "me">) {
  return (
    <nav class="rail" aria-label={t("Main menu")}>
      <a class="brand" href="/"><Mark /><span>Samled</span></a>
      <ul>{tabs.map((tab) => <Entry key={tab.key} tab={tab} current={tab.key === current} long />)}</ul>
      {me && (
        <a class="me" href="/settings">
          <Portrait name={me.name} size={40} />
          <span><b><bdi>{me.name}</bdi></b><span class="what">{me.what || t("Settings")}</span></span>
        </a>
      )}
    </nav>
  );
}

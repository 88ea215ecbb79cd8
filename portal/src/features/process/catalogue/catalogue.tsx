import {
  Badge,
  CloseButton,
  Group,
  Modal,
  NavLink,
  ScrollArea,
  Select,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Loaded } from "@/components/loaded";
import { useMay } from "@/components/permitted";
import type { Offered } from "../api";
import { categoriesQuery, offeredQuery } from "../api-templates";
import { KindIcon } from "../kind-icon";
import classes from "./catalogue.module.css";
import { type Category, categoriesOf, fitting } from "./offers";

interface Props {
  space: string;
  title: string;
  pending: boolean;
  onChoose: (offered: Offered) => void;
  onClose: () => void;
}

/** Everything that a process can be given as a step, to be found by words or by category. */
export function Catalogue({ space, title, pending, onChoose, onClose }: Props) {
  const offered = useQuery(offeredQuery(space));
  return (
    <Modal opened onClose={onClose} size={900} title={<Text fw={600}>{title}</Text>}>
      <Loaded query={offered} what="The kinds of steps" rows={6}>
        {(all) => <Offers space={space} all={all} pending={pending} onChoose={onChoose} />}
      </Loaded>
    </Modal>
  );
}

function Offers({ space, all, pending, onChoose }: Pick<Props, "space" | "pending" | "onChoose"> & { all: Offered[] }) {
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState("");
  const known = useQuery(categoriesQuery(space));
  const categories = useMemo(() => categoriesOf(all, known.data ?? []), [all, known.data]);
  const shown = fitting(all, words, chosen);
  const kinds = new Set(all.filter((one) => one.IsBuiltIn).map((one) => one.Type));
  return (
    <>
      <TextInput
        type="search"
        data-autofocus
        aria-label="Find a kind of step"
        placeholder="Find by what it does, such as kubectl, mail or IIS"
        leftSection={<IconSearch size={16} />}
        rightSection={words && <CloseButton size="sm" onClick={() => setWords("")} aria-label="Clear the words" />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <div className={classes.columns}>
        <Categories categories={categories} chosen={chosen} onChoose={setChosen} />
        <ScrollArea.Autosize mah="60vh" viewportProps={{ tabIndex: 0 }}>
          <ul className={classes.offers} aria-label="Kinds of steps">
            {shown.map((one) => (
              <li key={one.Id ?? one.CommunityActionTemplateId ?? one.Type}>
                <Offer
                  space={space}
                  offered={one}
                  runsHere={kinds.has(one.Type)}
                  pending={pending}
                  onChoose={onChoose}
                />
              </li>
            ))}
          </ul>
          {shown.length === 0 && (
            <Text size="sm" c="dimmed" p="lg" ta="center">
              Nothing fits. Try another word, or look in all categories.
            </Text>
          )}
        </ScrollArea.Autosize>
      </div>
    </>
  );
}

interface CategoriesProps {
  categories: readonly Category[];
  chosen: string;
  onChoose: (id: string) => void;
}

function Categories({ categories, chosen, onChoose }: CategoriesProps) {
  return (
    <>
      <nav className={classes.categories} aria-label="Categories">
        {categories.map((one) => (
          <NavLink
            key={one.id}
            component="button"
            type="button"
            active={one.id === chosen}
            aria-current={one.id === chosen || undefined}
            label={one.name}
            rightSection={
              <Text size="xs" c="dimmed" className="numbers">
                {one.count}
              </Text>
            }
            onClick={() => onChoose(one.id)}
          />
        ))}
      </nav>
      <Select
        className={classes.categorySelect}
        aria-label="Category"
        data={categories.map((one) => ({ value: one.id, label: `${one.name} (${one.count})` }))}
        value={chosen}
        allowDeselect={false}
        onChange={(id) => onChoose(id ?? "")}
      />
    </>
  );
}

interface OfferProps extends Pick<Props, "space" | "pending" | "onChoose"> {
  offered: Offered;
  runsHere: boolean;
}

function Offer({ space, offered, runsHere, pending, onChoose }: OfferProps) {
  const mayInstall = useMay({ permission: "ActionTemplateCreate", space });
  const isBarred = !offered.IsInstalled && !mayInstall;
  return (
    <UnstyledButton className={classes.offer} disabled={pending || isBarred} onClick={() => onChoose(offered)}>
      <span className={classes.icon}>
        <KindIcon type={offered.Type} size={20} />
      </span>
      <span className={classes.words}>
        <Group gap={6} component="span">
          <Text component="span" fw={600} size="sm">
            {offered.Name}
          </Text>
          {!offered.IsBuiltIn && (
            <Badge size="sm" color="gray" component="span">
              {offered.IsInstalled ? "Step template" : "Community"}
            </Badge>
          )}
        </Group>
        <Text component="span" size="sm" c="dimmed" lineClamp={3}>
          {offered.Description}
        </Text>
        {!runsHere && (
          <Text component="span" size="xs" className={classes.warning}>
            This server does not run steps of the kind {offered.Type}; a deployment that has one is refused.
          </Text>
        )}
        {!offered.IsInstalled && (
          <Text component="span" size="xs" c="dimmed">
            {isBarred
              ? "It is not installed in this space, and you may not add step templates."
              : "It is installed in this space first."}
          </Text>
        )}
      </span>
    </UnstyledButton>
  );
}

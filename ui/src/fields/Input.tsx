import { BooleanInput } from "./boolean/Input";
import { ContactInput } from "./contact/Input";
import { DateInput } from "./date/Input";
import { DurationInput } from "./duration/Input";
import { FileInput } from "./file/Input";
import { JsonInput } from "./json/Input";
import { familyOf, type InputProps, type Inputs } from "./kinds";
import { LocationInput } from "./location/Input";
import { MoneyInput } from "./money/Input";
import { NumberInput } from "./number/Input";
import { PercentInput } from "./percent/Input";
import { ReferenceInput } from "./reference/Input";
import { SelectInput } from "./select/Input";
import { TextInput } from "./text/Input";

const INPUTS: Inputs = {
  text: TextInput,
  number: NumberInput,
  money: MoneyInput,
  percent: PercentInput,
  boolean: BooleanInput,
  date: DateInput,
  duration: DurationInput,
  select: SelectInput,
  reference: ReferenceInput,
  file: FileInput,
  location: LocationInput,
  contact: ContactInput,
  json: JsonInput,
};

/** Edits a field's value by its type. Heavy (pickers): only loaded with forms and filters. */
export function FieldInput(props: InputProps) {
  const Edited = INPUTS[familyOf(props.field)];
  return <Edited {...props} />;
}

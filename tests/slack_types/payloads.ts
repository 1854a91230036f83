import type {
  EntityMetadata,
  HomeView,
  KnownBlock,
  MessageAttachment,
  ModalView,
  Option,
  OptionGroup,
} from '@slack/types';

/** Everything that an app sends to Slack and that Slack's types describe. */
export interface Payloads {
  block: KnownBlock;
  view: ModalView | HomeView;
  attachment: MessageAttachment;
  option: Option;
  optionGroup: OptionGroup;
  entity: EntityMetadata;
}

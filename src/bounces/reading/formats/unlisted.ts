import type { BounceFormat } from './format.ts'

/** Reports of software that does not name itself. */
export const UNLISTED: BounceFormat = {
  name: 'in words',
  signs: [
    {
      said: /^(?:Unable to deliver message to the following|Sorry, your message to|We had trouble delivering|This is an automatically generated Delivery Status Notification|Your message (?:could not be|was not|cannot be|has not been) delivered|Delivery (?:to the following|of the following)|The following (?:recipient|address|message|user)|Failed (?:recipient|to deliver))/im,
    },
  ],
  recipient: [
    /^\s*([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253}) \[(.{1,300})\]\s*$/,
    /^\s*\* ([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})()\s*$/,
    /^\s*(?:We had trouble delivering|Failed to deliver to) [<']?([^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253})[>']?(.*)$/i,
  ],
}

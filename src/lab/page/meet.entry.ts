/** The Meet look-alike in the browser. Facts: the sheet's labels, jsnames and timings; what it leaves open varies by the room's seed. */
import { el, root } from './dom.ts'
import { Visit } from './meet-visit.ts'
import { config } from './setting.ts'
import { Wire } from './wire.ts'

const wire = new Wire(config.room, (message) => visit.hear(message))
const visit = new Visit(root, wire)
console.warn('This console is for developers. If an extension wrote to it, the extension is not part of this page.')
// An invisible captcha frame is on every join page; only a visible one asks for something.
root.after(
  el('iframe', {
    src: '/recaptcha/enterprise/anchor',
    title: 'reCAPTCHA',
    width: '0',
    height: '0',
    style: 'visibility:hidden;position:absolute',
    'aria-hidden': 'true',
  }),
)
visit.open()

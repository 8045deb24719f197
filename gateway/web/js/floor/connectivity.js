// Whether this tablet and the server hear each other: the stream is there, what is sent arrives, and whoever is signed
// in is known there, too.
import { computed } from "/js/lib/html.js";
import { stuck } from "/js/floor/sender.js";
import { connection } from "/js/lib/live.js";
import { me } from "/js/lib/session.js";

export const isOnline = computed(() => connection.value === "online" && !stuck.value && !me.value?.offline);

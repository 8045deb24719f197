// The connection between this tablet and the server: the stream is there, commands arrive, and whoever is signed in is
// known there, too.
import { computed } from "/js/lib/html.js";
import { stuck } from "/js/floor/sender.js";
import { connection } from "/js/lib/live.js";
import { me } from "/js/lib/session.js";

export const isOnline = computed(() => connection.value === "online" && !stuck.value && !me.value?.offline);

"""What clients rely on at each vendor, item by item, and the tests that hold the sandbox to it.

Item numbers are those of the fact sheets that the sandbox was built from.
"""

CHECKLISTS = {
    "elevenlabs": (
        (
            "Paths and error bodies in all three `detail` shapes; missing key, missing permission",
            (
                "sandbox/elevenlabs/test_access.py::test_a_missing_key_is_401_missing_api_key",
                "sandbox/elevenlabs/test_batches.py::test_a_batch_dials_everybody_and_tells_each_ones_fate",
                "sandbox/elevenlabs/test_limits.py::test_a_scoped_key_is_401_missing_permissions_elsewhere",
                "sandbox/elevenlabs/test_limits.py::test_errors_come_in_all_three_shapes",
            ),
        ),
        (
            "429 in three flavours, spent credits as 401 or 402, 500 and no answer, per route",
            (
                "sandbox/elevenlabs/test_limits.py::test_spent_credits_refuse_conversations",
                "sandbox/elevenlabs/test_limits.py::test_refusals_come_in_every_flavour",
                "sandbox/elevenlabs/test_limits.py::test_a_route_may_fail_or_hang",
            ),
        ),
        (
            "Outbound calls on record and by the clock; signed webhooks, also late, twice or lost",
            (
                "sandbox/elevenlabs/test_conversations.py::test_a_talk_is_processed_analysed_and_priced",
                "sandbox/elevenlabs/test_conversations.py::test_a_registered_call_that_nobody_joins_fails",
                "sandbox/elevenlabs/test_limits.py::test_every_attempt_to_dial_is_on_record",
                "sandbox/elevenlabs/test_webhooks.py::test_a_finished_conversation_is_told_and_signed",
                "sandbox/elevenlabs/test_webhooks.py::test_audio_comes_when_asked_for",
                "sandbox/elevenlabs/test_webhooks.py::test_webhooks_come_late_twice_or_not_at_all",
            ),
        ),
        (
            "`register-call` answers TwiML; a carrier's stream is held on the conversation's path",
            ("sandbox/elevenlabs/test_streams.py::test_a_registered_call_is_held_over_its_stream",),
        ),
        (
            "The conversation's socket: order, pings, event filter, refusals and close codes, tools, interruption",
            (
                "sandbox/elevenlabs/test_sockets.py::test_the_metadata_comes_first_and_convai_is_echoed",
                "sandbox/elevenlabs/test_sockets.py::test_a_text_only_talk_runs_from_the_first_message_to_end_call",
                "sandbox/elevenlabs/test_sockets.py::test_only_the_events_asked_for_are_sent",
                "sandbox/elevenlabs/test_sockets.py::test_pings_carry_ping_ms_once_it_is_known",
                "sandbox/elevenlabs/test_sockets.py::test_who_does_not_answer_pings_for_a_minute_is_cut_off_with_1002",
                "sandbox/elevenlabs/test_sockets.py::test_an_override_that_is_not_enabled_is_1008",
                "sandbox/elevenlabs/test_sockets.py::test_a_missing_variable_is_1008_and_a_given_one_is_said",
                "sandbox/elevenlabs/test_sockets.py::test_an_unknown_message_is_1008",
                "sandbox/elevenlabs/test_sockets.py::test_the_longest_duration_closes_with_1000",
                "sandbox/elevenlabs/test_sockets.py::test_an_ordered_breakage_ends_the_talk_with_its_code",
                "sandbox/elevenlabs/test_sockets_aloud.py::test_speaking_into_the_agents_words_interrupts_and_corrects_them",
                "sandbox/elevenlabs/test_tool_calls.py::test_a_client_tool_is_asked_at_the_client",
            ),
        ),
        (
            "Signed addresses: this host, 15 minutes, single use with a conversation id",
            (
                "sandbox/elevenlabs/test_sockets.py::test_a_signed_url_is_good_for_fifteen_minutes",
                "sandbox/elevenlabs/test_sockets.py::test_a_signed_url_that_names_its_conversation_is_used_once",
            ),
        ),
        (
            "Lists: bounds, cursors, bare arrays, `next_doc`, `next_page_token`",
            (
                "sandbox/elevenlabs/test_agents.py::test_pages_lead_through_all_agents",
                "sandbox/elevenlabs/test_batches.py::test_batches_are_listed_by_document",
                "sandbox/elevenlabs/test_catalog.py::test_voices_come_in_pages_of_ten_with_labels",
                "sandbox/elevenlabs/test_catalog.py::test_models_are_a_bare_list",
                "sandbox/elevenlabs/test_telephony.py::test_numbers_come_in_pages_too",
            ),
        ),
        (
            "Unknown fields are tolerated, and come now and then",
            (
                "sandbox/elevenlabs/test_agents.py::test_unknown_fields_are_tolerated",
                "sandbox/elevenlabs/test_agents.py::test_a_field_that_nobody_knows_comes_now_and_then",
                "sandbox/elevenlabs/test_sockets.py::test_enabled_overrides_are_used_and_unknown_ones_tolerated",
            ),
        ),
        (
            "New agents without `end_call`, overrides off, no auth; PATCH replaces arrays",
            (
                "sandbox/elevenlabs/test_agents.py::test_a_patch_merges_objects_and_replaces_arrays",
                "sandbox/elevenlabs/test_agents.py::test_a_new_agent_is_as_open_and_as_helpless_as_the_vendors",
            ),
        ),
        (
            "Voices that expire, that lack a preview, that the free tier may not use",
            ("sandbox/elevenlabs/test_catalog.py::test_voices_come_in_pages_of_ten_with_labels",),
        ),
    ),
    "ultravox": (
        (
            "41-character keys; 403 for a wrong one, 401 or 403 for none",
            (
                "sandbox/ultravox/test_access.py::test_a_missing_key_is_401",
                "sandbox/ultravox/test_access.py::test_a_wrong_key_is_403",
                "sandbox/ultravox/test_limits.py::test_a_missing_key_may_be_403",
            ),
        ),
        (
            "Pages with absolute `next` and opaque cursors",
            ("sandbox/ultravox/test_agents.py::test_pages_lead_through_all_agents_by_absolute_addresses",),
        ),
        (
            "400 for unknown fields of calls, silence for agents; PATCH replaces or merges",
            (
                "sandbox/ultravox/test_agents.py::test_unknown_fields_vanish_at_the_top_and_are_refused_in_the_template",
                "sandbox/ultravox/test_agents.py::test_a_patch_replaces_the_whole_template",
                "sandbox/ultravox/test_agents.py::test_null_is_as_good_as_absent",
                "sandbox/ultravox/test_calls.py::test_a_bad_order_is_refused_and_makes_no_call",
                "sandbox/ultravox/test_calls.py::test_a_context_that_breaks_its_schema_is_refused",
                "sandbox/ultravox/test_limits.py::test_a_patch_may_merge",
            ),
        ),
        (
            "Join time-out, single use of `joinUrl`, billing in steps of 6 s, 425 and 422",
            (
                "sandbox/ultravox/test_calls.py::test_a_talk_is_recorded_summed_up_and_billed",
                "sandbox/ultravox/test_calls.py::test_a_message_to_a_call_that_is_not_joined_is_422",
                "sandbox/ultravox/test_calls.py::test_a_call_that_nobody_joins_ends_unjoined_and_free",
                "sandbox/ultravox/test_calls.py::test_a_call_is_deleted_only_after_billing_and_leaves_a_tombstone",
                "sandbox/ultravox/test_catalog.py::test_time_is_billed_in_steps_of_six_seconds",
                "sandbox/ultravox/test_socket.py::test_a_join_url_serves_one_client_once",
                "sandbox/ultravox/test_socket.py::test_a_call_that_nobody_joins_is_unjoined",
                "sandbox/ultravox/test_endings.py::test_a_carrier_that_introduces_itself_after_the_join_timeout_is_too_late",
            ),
        ),
        (
            "429 with `Retry-After` for calls at once and per second or minute",
            (
                "sandbox/ultravox/test_calls.py::test_limits_are_kept_and_say_when_to_come_back",
                "sandbox/ultravox/test_limits.py::test_calls_and_requests_are_limited_by_the_second",
                "sandbox/ultravox/test_limits.py::test_whoever_is_held_back_is_told_when_there_is_room_again",
            ),
        ),
        (
            "The call's socket: states, transcripts in deltas, pacing, interruption, tools, close 1000",
            (
                "sandbox/ultravox/test_socket.py::test_the_agents_words_come_in_deltas_with_the_sound",
                "sandbox/ultravox/test_socket.py::test_who_speaks_is_heard_and_interrupts",
                "sandbox/ultravox/test_transcripts.py::test_the_last_message_holds_what_was_heard",
                "sandbox/ultravox/test_socket.py::test_a_client_tool_goes_round",
                "sandbox/ultravox/test_socket.py::test_pings_pass_and_toggles_are_kept",
                "sandbox/ultravox/test_socket.py::test_a_chat_by_text_from_the_first_word_to_the_last",
            ),
        ),
        (
            "Signed webhooks with repeats, and twice on order",
            (
                "sandbox/ultravox/test_webhooks.py::test_a_calls_life_is_told_in_signed_events",
                "sandbox/ultravox/test_webhooks.py::test_a_refused_event_is_sent_again_with_a_fresh_signature",
                "sandbox/ultravox/test_webhooks.py::test_events_may_come_twice",
            ),
        ),
        (
            "Recordings as 200 or 302; previews as `audio/wav`",
            (
                "sandbox/ultravox/test_catalog.py::test_a_voice_is_heard_at_its_preview_address",
                "sandbox/ultravox/test_limits.py::test_a_recording_may_be_a_redirection",
            ),
        ),
    ),
    "twilio": (
        (
            "REST: authentication, repeated keys, `StartTime>`, paging, statuses, strings, request id",
            (
                "sandbox/twilio/test_listing.py::test_pages_follow_each_other_newest_first_and_new_calls_do_not_shift_them",
                "sandbox/twilio/test_listing.py::test_calls_are_found_by_number_status_and_time",
                "sandbox/twilio/test_refusals.py::test_credentials_that_are_malformed_or_say_invalid_are_refused",
                "peers/test_twilio.py::test_calls_are_created_fetched_updated_listed_and_deleted",
            ),
        ),
        (
            "To and From checked with Twilio's codes and magic numbers; the limits of `Twiml`",
            (
                "sandbox/twilio/test_refusals.py::test_a_wrong_order_is_refused_with_its_code_and_makes_no_call",
                "sandbox/twilio/test_refusals.py::test_twiml_of_exactly_4000_characters_is_taken",
                "sandbox/twilio/test_refusals.py::test_with_url_and_twiml_the_twiml_is_ignored",
                "sandbox/twilio/test_calls.py::test_an_unreachable_number_is_refused_and_no_call_is_made",
            ),
        ),
        (
            "201 `queued` before any callback; shuffled, doubled, late and lost callbacks; calls per second",
            (
                "sandbox/twilio/test_calls.py::test_a_call_is_answered_queued_before_anything_happens",
                "sandbox/twilio/test_calls.py::test_an_answered_call_tells_every_step_and_ends_completed",
                "sandbox/twilio/test_calls.py::test_a_call_cancelled_in_the_queue_fires_no_callback",
                "sandbox/twilio/test_account.py::test_calls_beyond_the_accounts_pace_wait_in_its_queue",
                "sandbox/test_faults.py::test_shuffled_callbacks_arrive_in_another_order",
                "sandbox/test_faults.py::test_doubled_callbacks_arrive_twice_with_the_same_sequence_number",
            ),
        ),
        (
            "Fetching TwiML: 15 s, fallback, one repeat, overrides in the fragment, signature",
            (
                "sandbox/twilio/test_twiml.py::test_the_address_is_asked_on_answer_with_a_signed_form",
                "sandbox/twilio/test_twiml.py::test_the_fallback_address_is_told_what_went_wrong",
                "sandbox/twilio/test_overrides.py::test_without_a_fragment_one_repeat_follows_a_failed_connection_only",
                "sandbox/twilio/test_signature.py::test_https_loses_its_port_and_http_keeps_it",
            ),
        ),
        (
            "The TwiML verbs, and a debugger log for what is no verb",
            (
                "peers/test_twilio.py::test_a_document_of_the_builder_is_executed_verb_by_verb",
                "sandbox/twilio/test_verbs.py::test_dial_rings_another_number_and_tells_how_it_went",
                "sandbox/twilio/test_verbs.py::test_words_are_gathered_from_whoever_answers",
                "sandbox/twilio/test_twiml.py::test_verbs_that_are_not_imitated_leave_a_note_and_let_the_call_go_on",
            ),
        ),
        (
            "Media Streams: signed upgrade, order, pacing, marks, clear, warnings, digits",
            (
                "sandbox/twilio/test_media_stream.py::test_the_upgrade_is_signed_over_the_address_without_its_query",
                "sandbox/twilio/test_media_stream.py::test_messages_come_in_order_with_numbers_as_strings",
                "sandbox/twilio/test_media_stream.py::test_frames_come_every_20_milliseconds",
                "sandbox/twilio/test_media_stream.py::test_clear_drops_what_waits_and_returns_every_pending_mark",
                "sandbox/twilio/test_media_stream.py::test_a_message_out_of_shape_is_warned_of_once_and_ignored",
                "sandbox/twilio/test_media_stream.py::test_the_platform_may_close_and_an_error_code_is_warned_of",
            ),
        ),
        (
            "Loopback: `ws://` and private addresses are accepted, query strings are dropped",
            (
                "sandbox/twilio/test_media_stream.py::test_the_upgrade_is_signed_over_the_address_without_its_query",
                "sandbox/twilio/test_media_stream.py::test_an_address_that_cannot_be_reached_has_its_own_code",
            ),
        ),
        (
            "`Twiml` replaces a stream, `completed` ends anything, `canceled` nothing answered, 21220",
            (
                "sandbox/twilio/test_aloud.py::test_new_twiml_stops_the_stream_and_takes_over",
                "sandbox/twilio/test_calls.py::test_hanging_up_a_talk_ends_it_completed_and_cancels_the_stream",
                "sandbox/twilio/test_calls.py::test_redirecting_a_call_that_is_not_in_progress_is_21220",
            ),
        ),
        (
            "The mu-law codec",
            (
                "core/test_g711.py::test_known_values_of_g_711",
                "core/test_g711.py::test_every_byte_stands_for_itself",
            ),
        ),
    ),
}

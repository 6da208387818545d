// SPDX-License-Identifier: Apache-2.0

// The methods that send frames, with responses whose parts are decoded later.
import { LazyFrameResponseSchema, LazyResponseSchema } from "./gen/dissectd/client/v1/lazy_pb.js";
import { DissectionService } from "./gen/dissectd/v1/dissection_pb.js";
import { SessionService } from "./gen/dissectd/v1/session_pb.js";

const dissect = { ...DissectionService.method.dissect, output: LazyResponseSchema };
const getFrame = { ...SessionService.method.getFrame, output: LazyFrameResponseSchema };

export const LazyDissectionService = {
  ...DissectionService,
  methods: [dissect],
  method: { dissect },
};

export const LazySessionService = {
  ...SessionService,
  methods: [getFrame],
  method: { getFrame },
};

// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The few recent functions pdf.js 4 takes for granted.

Promise.withResolvers ??= function () {
    const capability = {};
    capability.promise = new this((resolve, reject) => {
        Object.assign(capability, { resolve, reject });
    });
    return capability;
};
